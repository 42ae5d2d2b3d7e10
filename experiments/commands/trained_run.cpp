#include "experiments/commands/trained_run.hpp"

#include <algorithm>
#include <vector>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/run/spec_file.hpp"
#include "common/text/joined.hpp"

namespace fedgram::experiments {

spec::Experiment experiment_of(const std::filesystem::path& run)
{
    const auto text = files::try_read_file(run / "spec.json");
    if (!text) throw DataError{(run / "spec.json").string() + ": isn't there; give the folder of a run"};
    return run::parse_spec_text(*text, (run / "spec.json").string());
}

const spec::Training& chosen_training(const spec::Experiment& experiment, const std::string& label)
{
    const auto& trainings = experiment.trainings;
    if (label.empty()) return trainings.front();
    const auto chosen = std::ranges::find(trainings, label, &spec::Training::label);
    if (chosen != trainings.end()) return *chosen;
    std::vector<std::string> labels;
    for (const auto& training : trainings) labels.push_back(training.label);
    throw SpecError{"--training: no training is labelled \"" + label + "\"; use one of " + text::joined(labels)};
}

}  // namespace fedgram::experiments
