# Golden stores of every format version, and the program that writes that of today.
set(format ${CMAKE_CURRENT_SOURCE_DIR}/format)
add_library(format_content OBJECT ${format}/content.cc)
target_link_libraries(format_content PUBLIC relata_test_program)
add_executable(format_test ${format}/format_test.cc)
target_link_libraries(format_test PRIVATE format_content GTest::gmock_main)
gtest_discover_tests(format_test DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 TEST_PREFIX format.)
add_executable(format_golden EXCLUDE_FROM_ALL ${format}/format_golden.cc)
target_link_libraries(format_golden PRIVATE format_content)
