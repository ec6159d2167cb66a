# The sample company's own files, where the examples are built too.
if(TARGET sample_company)
  target_sources(exchange_test PRIVATE ${CMAKE_CURRENT_LIST_DIR}/import_sample_company.cc)
  target_link_libraries(exchange_test PRIVATE sample_company)
endif()
