# What `cmake --install` lays down: headers, both libraries, the command, the CMake package, relata.pc and documents.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(relata_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/relata)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/relata DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.h")
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md
        DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(TARGET relata_cli)
  install(TARGETS relata_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

# Each library has its own set, so that a host of the shared one need not have what only the static one links.
foreach(kind IN ITEMS static shared)
  install(TARGETS relata_${kind} EXPORT relata_${kind}
          ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
          INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  install(EXPORT relata_${kind} FILE relata_${kind}.cmake NAMESPACE relata:: DESTINATION ${relata_package_dir})
endforeach()
configure_package_config_file(${PROJECT_SOURCE_DIR}/src/build/relataConfig.cmake.in
  ${PROJECT_BINARY_DIR}/relataConfig.cmake INSTALL_DESTINATION ${relata_package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/relataConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/relataConfig.cmake ${PROJECT_BINARY_DIR}/relataConfigVersion.cmake
        DESTINATION ${relata_package_dir})

cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig
           OUTPUT_VARIABLE relata_pc_to_prefix)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_LIBDIR BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX}
           OUTPUT_VARIABLE relata_pc_libdir)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_INCLUDEDIR BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX}
           OUTPUT_VARIABLE relata_pc_includedir)
configure_file(${PROJECT_SOURCE_DIR}/src/build/relata.pc.in ${PROJECT_BINARY_DIR}/relata.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/relata.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
