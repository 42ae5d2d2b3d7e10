#include "coordinator/trainings/model_runtime.hpp"

#include "common/energy/meters/host.hpp"
#include "common/learning/open_engine.hpp"

namespace fedgram::coordinator {

ModelRuntime::ModelRuntime(const spec::Experiment& experiment, const datasets::Dataset& data)
    : experiment_{experiment},
      data_{data},
      model_{learning::make_model(experiment.model, {data.channels, data.height, data.width, data.classes},
                                  [this]() -> learning::Engine& { return engine(); })}
{
}

std::vector<float> ModelRuntime::starting_parameters()
{
    return learning::starting_parameters(model_, experiment_.seed, [this]() -> learning::Engine& { return engine(); });
}

learning::Engine& ModelRuntime::engine()
{
    if (!engine_) engine_ = learning::open_engine(experiment_.engine);
    return *engine_;
}

learning::Evaluation ModelRuntime::evaluate(std::span<const float> parameters)
{
    if (evaluators_.empty())
        for (std::uint32_t core = 0; core < energy::usable_cores(); ++core)
            evaluators_.push_back(engine().replica(model_, spec::Optimizer{}));
    for (auto& evaluator : evaluators_) evaluator->begin(parameters, experiment_.seed);
    return learning::evaluate(evaluators_, model_, {data_.test.pixels, data_.test.labels, data_.test.values},
                              experiment_.data.normalization);
}

}  // namespace fedgram::coordinator
