#pragma once

#include "common/energy/work/work.hpp"
#include "common/run/method_cost.hpp"
#include "common/spec/method.hpp"

namespace fedgram::coordinator {

/// What a method has added to a round.
struct MethodWork {
    spec::Method method;
    energy::Work nodes;        ///< part of the Work of those whose updates are in the model
    energy::Work coordinator;  ///< part of DoneRound::aggregation
    run::Messages messages{};  ///< with those of the cohort that dropped out
};

}  // namespace fedgram::coordinator
