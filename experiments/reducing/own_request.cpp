#include "experiments/reducing/own_request.hpp"

#include <utility>

#include "common/files/files.hpp"
#include "common/learning/levers/inference_work.hpp"
#include "common/report/table/request_demand.hpp"
#include "common/run/model_shape.hpp"
#include "common/run/spec_file.hpp"

namespace fedgram::experiments {

std::optional<energy::InferenceDemand> own_request(const std::filesystem::path& run)
{
    if (run::read_spec_file(run).imported || !std::filesystem::exists(run / "inputs.json")) return std::nullopt;
    const auto path = run / "spec.json";
    const auto spec = run::parse_spec_text(files::read_file(path), path.string()).model;
    if (spec.layers.empty()) return std::nullopt;
    learning::ModelFigures figures;
    figures.inference = learning::inference_work({spec, learning::build_model(spec, run::model_shape(run)), {}});
    return report::demand_of(figures);
}

}  // namespace fedgram::experiments
