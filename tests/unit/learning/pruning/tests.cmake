fedgram_unit_test(learning_pruning
  SOURCES
    engine/engine_cases.cpp engine/reference_net.cpp pruning/density_test.cpp pruning/filter_choice_test.cpp
    pruning/filter_removal_test.cpp pruning/gradual_sparsity_test.cpp pruning/magnitude_mask_test.cpp
    pruning/round_sparsity_test.cpp pruning/sparse_exchange_test.cpp pruning/tensor_encoding_test.cpp
  LIBRARIES fedgram::learning fedgram::random)
