fedgram_unit_test(learning_levers
  SOURCES
    levers/lever_test.cpp levers/quantized_activations_test.cpp levers/reduce_test.cpp levers/soft_targets_test.cpp levers/stored_model_test.cpp
  LIBRARIES fedgram::learning fedgram::random)
