# Compiles the sources of a room together where RELATA_UNITY is on: a third of the work from nothing, since
# most of it is the headers, and more of it after a change of one file.
#
# So a name in an unnamed namespace stands in one file of its room only, which is a good rule anyway: what two
# files need belongs in a header. A source that a header of Highway includes once more stays alone.

# relata_unity(TARGET): call it once the target has all its sources, in the folder that made the target.
function(relata_unity target)
  if(NOT RELATA_UNITY)
    return()
  endif()
  set(most_together 10)
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    if(NOT source MATCHES "\\.cc$" OR source MATCHES "/kernels[^/]*\\.cc$")
      continue()
    endif()
    cmake_path(GET source PARENT_PATH folder)
    cmake_path(GET folder FILENAME room)
    math(EXPR count_${room} "0${count_${room}} + 1")
    math(EXPR number "(${count_${room}} - 1) / ${most_together}")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${room}_${number})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  # GCC says the first of types that only another file of the group could misuse, and the second, wrongly, where it
  # inlines more; files compiled alone are still warned of both.
  target_compile_options(${target} PRIVATE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage -Wno-maybe-uninitialized>)
endfunction()
