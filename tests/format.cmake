# Checks that every source is laid out as .clang-format says. Run by ctest as
#   cmake -D ROOT=<project> -P format.cmake
# Only clang-format 14 lays out as this project's sources are; without it the test is skipped. .ci/run installs it.
cmake_minimum_required(VERSION 3.25)

find_program(CLANG_FORMAT NAMES clang-format-14 clang-format)
set(version "")
if(CLANG_FORMAT)
  execute_process(COMMAND ${CLANG_FORMAT} --version OUTPUT_VARIABLE version)
endif()
if(NOT version MATCHES "version 14\\.")
  message(STATUS "skipped: there is no clang-format 14")
  return()
endif()

set(sources "")
foreach(top IN ITEMS common coordinator client datasets experiments tests)
  file(GLOB_RECURSE found ${ROOT}/${top}/*.hpp ${ROOT}/${top}/*.cpp)
  list(APPEND sources ${found})
endforeach()
execute_process(COMMAND ${CLANG_FORMAT} --dry-run -Werror ${sources} RESULT_VARIABLE result ERROR_VARIABLE faults)
list(LENGTH sources count)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "clang-format -i would change sources:\n${faults}")
endif()
message(STATUS "${count} sources, each laid out as .clang-format says")
