# What the int8 engine is held against: the judge in plain loops, and a naive network in float32.
fedgram_unit_test(learning_quantization
  SOURCES
    quantization/activation_histogram_test.cpp quantization/affine_quantizer_test.cpp
    quantization/encoded_tensor_test.cpp quantization/fake_quantization_test.cpp quantization/float_layers.cpp
    quantization/fused_layers_test.cpp quantization/histogram_ranges_test.cpp quantization/quantize_model_test.cpp
    quantization/quantized_tensors_test.cpp quantization/range_observer_test.cpp quantization/reference_int8.cpp
    quantization/reference_int8_test.cpp quantization/requantization_test.cpp quantization/symmetric_codes_test.cpp
  LIBRARIES fedgram::learning fedgram::random)

# Other engines' int8 layers beside ours.
if(FEDGRAM_TORCH)
  fedgram_unit_test(learning_qnnpack
    SOURCES quantization/qnnpack_test.cpp quantization/reference_int8.cpp
    LIBRARIES fedgram::learning fedgram::random fedgram::libtorch)
  # LibTorch's definitions are others than those of the precompiled header.
  set_target_properties(fedgram_learning_qnnpack_tests PROPERTIES DISABLE_PRECOMPILE_HEADERS ON)
endif()
# Debian's libxnnpack-dev and libpthreadpool-dev; without them there is no such test.
find_path(XNNPACK_INCLUDE_DIR xnnpack.h)
find_path(PTHREADPOOL_INCLUDE_DIR pthreadpool.h)
find_library(XNNPACK_LIBRARY XNNPACK)
if(XNNPACK_INCLUDE_DIR AND PTHREADPOOL_INCLUDE_DIR AND XNNPACK_LIBRARY)
  fedgram_unit_test(learning_xnnpack
    SOURCES quantization/reference_int8.cpp quantization/xnnpack_test.cpp
    LIBRARIES fedgram::learning fedgram::random ${XNNPACK_LIBRARY})
  target_include_directories(fedgram_learning_xnnpack_tests SYSTEM PRIVATE ${XNNPACK_INCLUDE_DIR} ${PTHREADPOOL_INCLUDE_DIR})
endif()
