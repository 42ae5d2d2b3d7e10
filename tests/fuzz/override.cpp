// --set KEY=VALUE, one on each line, over a specification.

#include <sstream>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/override.hpp"
#include "common/spec/parse.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto spec = spec::parse_json_text(R"({
        "name": "mine", "model": "small-cnn", "federated": {"local_epochs": 2},
        "trainings": [{"label": "central", "kind": "centralized"},
                      {"label": "iid", "kind": "federated", "partition": {"kind": "iid"}},
                      {"label": "noniid", "kind": "federated", "partition": {"kind": "dirichlet", "alpha": 0.5}}]
    })",
                                                   "spec.json");
    std::istringstream lines{std::string{fuzz::text_of(data, size)}};
    std::vector<std::string> sets;
    for (std::string line; std::getline(lines, line);) sets.push_back(line);
    fuzz::allow_refusal<SpecError>([&] {
        auto changed = spec;
        spec::apply_overrides(changed, sets);
        const auto resolved = to_json(spec::parse_experiment(changed));
        fuzz::require(resolved == to_json(spec::parse_experiment(resolved)),
                      "a spec with settings, once resolved, stays as it is");
        static_cast<void>(resolved.dump());  // it can be written: no text in it is anything but UTF-8
    });
    return 0;
}
