#include "client/training/training_resources.hpp"
#include "common/learning/open_engine.hpp"

namespace fedgram::client {

bool TrainingResources::serves(const spec::Experiment& experiment) const
{
    return engine_name == experiment.engine && wanted.dataset == experiment.data.dataset &&
           wanted.own == experiment.data.own;
}

TrainingResources load_training_resources(const std::string& engine, const spec::Data& wanted,
                                          const datasets::DataSource& source)
{
    // The data first: an error in it is then reported before LibTorch is loaded.
    auto data = source.get(wanted);
    return {engine, learning::open_engine(engine), wanted, std::move(data)};
}

}  // namespace fedgram::client
