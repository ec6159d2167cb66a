// Has no content of its own: the precompiled headers of the tests belong to it (tests/CMakeLists.txt).
