fedgram_unit_test(learning_weight_sharing
  SOURCES
    weight_sharing/compressed_tensor_test.cpp weight_sharing/huffman_code_test.cpp
    weight_sharing/predicted_size_test.cpp weight_sharing/shared_weights_test.cpp
  LIBRARIES fedgram::learning fedgram::random)
