# Installs into a folder of its own and builds a host against that, in each way a host can.
#
# The layout is that of the build: the libraries and the command have to be there already, as they are after a full
# build. The label keeps it out of sanitized builds, whose libraries a plain host cannot link.
add_test(NAME install.consumer
         COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/install/run ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}
                 ${CMAKE_CURRENT_BINARY_DIR}/install/scratch ${CMAKE_CXX_COMPILER} ${PROJECT_VERSION})
set_tests_properties(install.consumer PROPERTIES LABELS packaging)
