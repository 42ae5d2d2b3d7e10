fedgram_unit_test(learning_onnx
  SOURCES onnx/float_graph_test.cpp onnx/int8_graph_test.cpp
  LIBRARIES fedgram::onnx fedgram_onnx_messages)
