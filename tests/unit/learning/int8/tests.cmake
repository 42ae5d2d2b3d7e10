fedgram_unit_test(learning_int8
  SOURCES int8/int8_network_test.cpp int8/random_networks.cpp int8/refusals_test.cpp int8/residual_test.cpp
    int8/rounding_test.cpp quantization/reference_int8.cpp
  LIBRARIES fedgram::learning fedgram::random)
