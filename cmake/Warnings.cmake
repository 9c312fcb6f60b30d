# Every target of ours compiles with these; warnings are errors. External headers come in as SYSTEM and stay silent.
add_library(fangzhi_warnings INTERFACE)
target_compile_options(fangzhi_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # The annotated Mutex of base/mutex.h makes this exact.
  target_compile_options(fangzhi_warnings INTERFACE -Wthread-safety)
endif()
