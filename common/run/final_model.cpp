#include "common/run/final_model.hpp"

#include <algorithm>

namespace fedgram::run {

std::string why_no_final_model(const RunSummary& summary, const std::string& training)
{
    const auto ended = std::ranges::find(summary.trainings, training, &TrainingSummary::label);
    if (ended == summary.trainings.end() || ended->interrupted()) return "hasn't ended";
    return ended->diverged() ? "diverged" : "";
}

}  // namespace fedgram::run
