#include "experiments/commands/chosen_trainings.hpp"

#include "common/error/error.hpp"
#include "common/text/joined.hpp"

namespace fedgram::experiments {

std::vector<const spec::Training*> federated_trainings(const spec::Experiment& experiment, const std::string& label)
{
    std::vector<const spec::Training*> chosen;
    std::vector<std::string> labels;
    for (const auto& training : experiment.trainings) {
        if (!std::holds_alternative<spec::Federated>(training.kind)) continue;
        labels.push_back(training.label);
        if (label.empty() || training.label == label) chosen.push_back(&training);
    }
    if (!label.empty() && chosen.empty())
        throw SpecError{"--training: no federated training is labelled \"" + label + "\"; use one of " +
                        text::joined(labels)};
    return chosen;
}

}  // namespace fedgram::experiments
