# What must not compile, with the words it must be refused with.
add_test(NAME compile_fail
         COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/compile_fail/run.sh ${CMAKE_CXX_COMPILER} ${PROJECT_SOURCE_DIR}/include)
