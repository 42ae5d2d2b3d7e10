fedgram_unit_test(datasets_features
  SOURCES features/features_test.cpp
  LIBRARIES fedgram::features fedgram::random)
