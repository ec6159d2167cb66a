# Fuzz targets: programs that libFuzzer feeds, one per format. Clang only, and off unless asked for:
#   cmake --preset development -B build-fuzz -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ \
#         -DRELATA_BUILD_FUZZERS=ON
#   ninja -C build-fuzz csv_fuzz && build-fuzz/tests/csv_fuzz -max_total_time=120 NEW_FOLDER tests/fuzz/corpus/csv
option(RELATA_BUILD_FUZZERS "Build the fuzz targets (clang only)" OFF)
if(RELATA_BUILD_FUZZERS)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "RELATA_BUILD_FUZZERS needs clang, for its libFuzzer; set CMAKE_CXX_COMPILER=clang++")
  endif()
  # The library is what is explored, so it is built to be watched.
  set(relata_watched -g1 -fsanitize=address,undefined -fno-sanitize-recover=undefined)
  target_compile_options(relata_objects PRIVATE ${relata_watched} -fsanitize=fuzzer-no-link)
  file(GLOB fuzz_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/*_fuzz.cc)
  foreach(source IN LISTS fuzz_sources)
    cmake_path(GET source STEM target)
    add_executable(${target} ${source})
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
    target_compile_options(${target} PRIVATE ${relata_warnings} ${relata_watched} -fsanitize=fuzzer)
    target_link_options(${target} PRIVATE ${relata_watched} -fsanitize=fuzzer)
    target_link_libraries(${target} PRIVATE relata_static ${relata_private_libraries})
  endforeach()
endif()
