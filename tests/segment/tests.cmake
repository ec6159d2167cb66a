# Worlds with segments are those of the query room's twin; so are the naive interpreter and SQLite beside them.
if(TARGET segment_test)
  file(GLOB segment_test_shared CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.cc)
  list(FILTER segment_test_shared EXCLUDE REGEX "_test\\.cc$")
  file(GLOB query_twin CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/../query/*.cc)
  list(FILTER query_twin EXCLUDE REGEX "_test\\.cc$")
  target_sources(segment_test PRIVATE ${segment_test_shared} ${query_twin})
endif()
