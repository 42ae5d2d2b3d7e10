fedgram_unit_test(learning_pruning
  SOURCES
    pruning/density_test.cpp pruning/gradual_sparsity_test.cpp pruning/magnitude_mask_test.cpp
  LIBRARIES fedgram::learning fedgram::random)
