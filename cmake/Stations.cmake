# One static library a folder of src/, made from src/LAYERS: what a station links to is what it may include.
#
# Each station's headers are reached through an include root of its own (a folder that holds one symbolic link, <station>),
# so "store/store.h" is found only by targets that link to the station `store`. The file lists are globbed with
# CONFIGURE_DEPENDS: a source or a test that lies in the tree is built, none can be forgotten.

# Reads src/LAYERS into FANGZHI_STATIONS and, for each, FANGZHI_LAYER_<station>.
function(fangzhi_read_layers)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/LAYERS)
  file(STRINGS ${PROJECT_SOURCE_DIR}/src/LAYERS lines REGEX "^[a-z_]+:")
  set(stations "")
  foreach(line IN LISTS lines)
    string(REGEX MATCH "^([a-z_]+):(.*)$" _ "${line}")
    set(name ${CMAKE_MATCH_1})
    string(REGEX MATCHALL "[a-z_]+" needs "${CMAKE_MATCH_2}")
    foreach(need IN LISTS needs)
      if(NOT need IN_LIST stations)
        message(FATAL_ERROR "src/LAYERS: ${name} names ${need}, which is not above it")
      endif()
    endforeach()
    list(APPEND stations ${name})
    set(FANGZHI_LAYER_${name} "${needs}" PARENT_SCOPE)
  endforeach()
  set(FANGZHI_STATIONS "${stations}" PARENT_SCOPE)
endfunction()

# Fails where one of the names is no station: tests of that name would never be built.
function(fangzhi_only_stations what)
  foreach(name IN LISTS ARGN)
    if(NOT name IN_LIST FANGZHI_STATIONS)
      message(FATAL_ERROR "${what}: ${name} is no station of src/LAYERS")
    endif()
  endforeach()
endfunction()

# fangzhi_station(<name> [LIBS <external library>...]): the library fz_<name> from src/<name>/*.cc.
function(fangzhi_station name)
  cmake_parse_arguments(ARG "" "" "LIBS" ${ARGN})
  set(folder ${PROJECT_SOURCE_DIR}/src/${name})
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cc)
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  set(root ${PROJECT_BINARY_DIR}/include/${name})
  file(MAKE_DIRECTORY ${root})
  if(NOT EXISTS ${root}/${name})
    file(CREATE_LINK ${folder} ${root}/${name} SYMBOLIC)
  endif()
  if(sources)
    add_library(fz_${name} STATIC ${sources})
    set(scope PUBLIC)
    target_link_libraries(fz_${name} PRIVATE fangzhi_warnings)
  else()
    add_library(fz_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(fz_${name} ${scope} ${root})
  foreach(need IN LISTS FANGZHI_LAYER_${name})
    target_link_libraries(fz_${name} ${scope} fz_${need})
  endforeach()
  target_link_libraries(fz_${name} ${scope} ${ARG_LIBS})
endfunction()

# fangzhi_test(<name> STATIONS <station>... SOURCES <file>... [LABELS ...] [LIBS ...]): a GoogleTest program.
function(fangzhi_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "STATIONS;SOURCES;LABELS;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  foreach(station IN LISTS ARG_STATIONS)
    target_link_libraries(${name} PRIVATE fz_${station})
  endforeach()
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} fangzhi_test_places GTest::gmock GTest::gtest_main fangzhi_warnings)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  # What is tested is optimised as released; the tests themselves run once, and are a third quicker to compile so.
  target_compile_options(${name} PRIVATE $<$<CONFIG:RelWithDebInfo>:-O1>)
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 600)  # for what hangs; a slow machine under load takes a few minutes where files are synced
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT})
endfunction()
