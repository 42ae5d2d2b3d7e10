fedgram_unit_test(learning_int8
  SOURCES int8/int8_network_test.cpp int8/naive_network.cpp int8/refusals_test.cpp int8/rounding_test.cpp
  LIBRARIES fedgram::learning fedgram::random)
