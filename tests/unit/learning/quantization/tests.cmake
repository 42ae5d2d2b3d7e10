# What the int8 engine is held against: the judge in plain loops, and a naive network in float32.
fedgram_unit_test(learning_quantization
  SOURCES
    quantization/activation_histogram_test.cpp quantization/affine_quantizer_test.cpp
    quantization/encoded_tensor_test.cpp quantization/fake_quantization_test.cpp quantization/float_layers.cpp
    quantization/fused_layers_test.cpp quantization/histogram_ranges_test.cpp quantization/quantize_model_test.cpp
    quantization/quantized_tensors_test.cpp quantization/range_observer_test.cpp quantization/reference_int8.cpp
    quantization/reference_int8_test.cpp quantization/requantization_test.cpp quantization/symmetric_codes_test.cpp
  LIBRARIES fedgram::learning fedgram::random)
