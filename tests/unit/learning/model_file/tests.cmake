fedgram_unit_test(learning_model_file
  SOURCES model_file/model_file_test.cpp
  LIBRARIES fedgram::learning)
