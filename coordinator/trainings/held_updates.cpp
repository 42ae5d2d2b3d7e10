#include "coordinator/trainings/held_updates.hpp"

#include "common/random/portable_math.hpp"

namespace fedgram::coordinator {

const HeldUpdates::Update* HeldUpdates::find(std::uint32_t node, std::uint32_t version) const
{
    const auto found = updates_.find({version, node});
    return found == updates_.end() ? nullptr : &found->second;
}

void HeldUpdates::drop_idle_models()
{
    std::erase_if(models_, [this](const auto& model) {
        const auto first = updates_.lower_bound({model.first, 0});
        return first == updates_.end() || first->first.first != model.first;
    });
}

void HeldUpdates::write(learning::StateWriter& state) const
{
    std::vector<std::uint32_t> versions;
    for (const auto& [version, model] : models_) versions.push_back(version);
    state.add(std::span<const std::uint32_t>{versions});
    for (const auto& [version, model] : models_) state.add(std::span<const float>{*model});
    std::vector<std::uint32_t> keys;
    std::vector<double> losses;
    std::vector<std::uint64_t> bytes;
    for (const auto& [key, update] : updates_) {
        keys.insert(keys.end(), {key.first, key.second});
        losses.push_back(update.mean_loss);
        bytes.push_back(update.bytes);
    }
    state.add(std::span<const std::uint32_t>{keys});
    state.add(std::span<const double>{losses});
    state.add(std::span<const std::uint64_t>{bytes});
    for (const auto& [key, update] : updates_) state.add(std::span<const float>{update.parameters});
}

void HeldUpdates::read(learning::StateReader& state)
{
    for (const auto version : state.list<std::uint32_t>()) models_[version] = nullptr;
    for (auto& [version, model] : models_) model = std::make_shared<const std::vector<float>>(state.list<float>());
    const auto keys = state.list<std::uint32_t>();
    const auto losses = state.list<double>();
    const auto bytes = state.list<std::uint64_t>();
    if (keys.size() != 2 * losses.size() || bytes.size() != losses.size())
        throw DataError{"the checkpoint's updates don't fit together"};
    for (std::size_t i = 0; i < losses.size(); ++i)
        updates_[{keys[2 * i], keys[2 * i + 1]}] = {state.list<float>(), losses[i], bytes[i]};
}

std::vector<float> moved(std::span<const float> present, std::span<const float> update,
                         std::span<const float> began_from, double weight)
{
    if (present.data() == began_from.data() && weight == 1) return {update.begin(), update.end()};
    std::vector<float> result(present.size());
    for (std::size_t i = 0; i < present.size(); ++i)
        result[i] = static_cast<float>(present[i] + weight * (static_cast<double>(update[i]) - began_from[i]));
    return result;
}

double staleness_weight(std::uint32_t staleness, double exponent)
{
    if (staleness == 0 || exponent == 0) return 1;
    return portable::exp(-exponent * portable::log(1.0 + staleness));
}

}  // namespace fedgram::coordinator
