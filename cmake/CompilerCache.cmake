# ccache where it is installed: a second build of the same sources costs seconds, also in CI. What it keeps serves every copy of the tree,
# wherever that lies: paths below the tree are taken relative to it, and the working directory is left out (debug information then names
# the folder that compiled first; a debugger is told by `set substitute-path`).
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE_PROGRAM})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()
