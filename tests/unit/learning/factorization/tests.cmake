fedgram_unit_test(learning_factorization
  SOURCES
    engine/reference_net.cpp factorization/decomposition_test.cpp factorization/factor_cost_test.cpp factorization/factorize_test.cpp
    factorization/factors_test.cpp
  LIBRARIES fedgram::learning fedgram::random)
