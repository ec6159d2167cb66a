# The naive twin, the generator and what else the tests of this room share.
if(TARGET query_test)
  file(GLOB query_test_shared CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.cc)
  list(FILTER query_test_shared EXCLUDE REGEX "_test\\.cc$")
  target_sources(query_test PRIVATE ${query_test_shared})
endif()
