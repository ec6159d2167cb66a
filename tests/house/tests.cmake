# Tests of the tree itself: its layout, its public headers, what the shared library shows.
set(house ${CMAKE_CURRENT_SOURCE_DIR}/house)

foreach(script IN ITEMS layout layout_test exports_test readme)
  add_test(NAME house.${script} COMMAND Python3::Interpreter -B ${house}/${script}.py)
endforeach()
add_test(NAME house.benchmark_figures
         COMMAND Python3::Interpreter -B ${PROJECT_SOURCE_DIR}/benchmarks/figures_test.py)
# A sanitized or instrumented library shows its instruments too, so this is for plain builds.
add_test(NAME house.exports
         COMMAND Python3::Interpreter -B ${house}/exports.py $<TARGET_FILE:relata_shared>
                 ${house}/exported_namespaces.txt ${PROJECT_SOURCE_DIR}/include)
set_tests_properties(house.exports PROPERTIES LABELS packaging)

# Every public header compiles alone. One that has a source of its own is proven there: the layout test sees to it
# that the source includes it first, if it has no private namesake.
file(GLOB_RECURSE public_headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/include
     ${PROJECT_SOURCE_DIR}/include/relata/*.h)
set(everything "// Includes every public header.\n")
set(alone)
foreach(header IN LISTS public_headers)
  string(APPEND everything "#include \"${header}\"\n")
  string(REGEX REPLACE "^relata/(.*)\\.h$" "\\1" stem ${header})
  if(NOT EXISTS ${PROJECT_SOURCE_DIR}/src/${stem}.cc OR EXISTS ${PROJECT_SOURCE_DIR}/src/${stem}.h)
    set(unit ${CMAKE_CURRENT_BINARY_DIR}/house/alone/${stem}.cc)
    file(CONFIGURE OUTPUT ${unit} CONTENT "#include \"${header}\"\n")
    list(APPEND alone ${unit})
  endif()
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/house/everything.h CONTENT "${everything}")

# Two units that include everything link together, against the shared library, as two of a host's would.
add_executable(house_headers ${house}/headers_main.cc ${house}/headers_other.cc ${alone})
target_include_directories(house_headers PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/house)
target_compile_options(house_headers PRIVATE ${relata_warnings} -O0)
target_link_libraries(house_headers PRIVATE relata_shared)
add_test(NAME house.headers COMMAND house_headers)
