#include "coordinator/trainings/compressed_broadcast.hpp"

#include <algorithm>

#include "common/error/error.hpp"
#include "common/learning/updates/differences.hpp"

namespace fedgram::coordinator {

namespace {

// No node has this number: its streams are the coordinator's.
constexpr std::uint32_t coordinator_node = 0xffffffff;

}  // namespace

CompressedBroadcast::CompressedBroadcast(const spec::Compression& compression, std::uint64_t seed, std::uint32_t nodes,
                                         std::size_t parameters)
    : codec_{compression, static_cast<std::uint32_t>(parameters)},
      keeps_rest_{compression.error_feedback},
      seed_{seed},
      model_bytes_{parameters * sizeof(float)},
      has_(nodes)
{
}

CompressedBroadcast::Model CompressedBroadcast::begin(std::uint32_t round, const Model& global)
{
    global_ = global;
    if (sent_.size() == round + 1) return nodes_model_;  // begun again
    arrive();
    if (!nodes_model_) {
        sent_.push_back(sent_.back());
        return nodes_model_ = global;
    }
    auto difference = *global;
    learning::subtract(difference, *nodes_model_);
    const learning::CodecKey key{seed_, round, coordinator_node};
    const auto message = codec_.encode(difference, key);
    if (message.empty()) throw DataError{"the global model has a value that is not finite, or far too large"};
    codec_.decode(message, key, difference);
    learning::add(difference, *nodes_model_);
    sent_.push_back(sent_.back() + message.size());
    return nodes_model_ = std::make_shared<const std::vector<float>>(std::move(difference));
}

void CompressedBroadcast::arrive()
{
    for (const auto node : arrived_) has_[node] = static_cast<std::uint32_t>(sent_.size() - 1);
    arrived_.clear();
}

std::uint64_t CompressedBroadcast::missed(std::uint32_t node) const
{
    return has_[node] == 0 ? model_bytes_ : sent_.back() - sent_[has_[node]];
}

energy::NodeRound CompressedBroadcast::with_download(energy::NodeRound share) const
{
    const auto bytes = std::min(missed(share.node), model_bytes_);
    share.bytes_down = share.bytes_down - model_bytes_ + bytes;
    share.train += decoding(share.node);
    return share;
}

energy::Work CompressedBroadcast::decoding(std::uint32_t node) const
{
    energy::Work work;
    if (missed(node) >= model_bytes_) return work;
    for (std::size_t message = has_[node] + 1; message < sent_.size(); ++message) work += codec_.decode_work();
    return work;
}

energy::Work CompressedBroadcast::work() const
{
    // The first round's model goes down as it is.
    return sent_.size() <= 2 ? energy::Work{} : codec_.encode_work();
}

std::vector<float> CompressedBroadcast::ended(std::span<const std::uint32_t> delivered, std::vector<float> next)
{
    arrived_.assign(delivered.begin(), delivered.end());
    if (keeps_rest_)
        for (std::size_t i = 0; i < next.size(); ++i) next[i] += (*global_)[i] - (*nodes_model_)[i];
    return next;
}

void CompressedBroadcast::write(learning::StateWriter& state) const
{
    state.add(std::span<const std::uint64_t>{sent_});
    state.add(std::span<const std::uint32_t>{has_});
    state.add(std::span<const std::uint32_t>{arrived_});
    state.add(nodes_model_ ? std::span<const float>{*nodes_model_} : std::span<const float>{});
}

void CompressedBroadcast::read(learning::StateReader& state)
{
    sent_ = state.list<std::uint64_t>();
    state.read(std::span{has_});
    arrived_ = state.list<std::uint32_t>();
    auto model = state.list<float>();
    if (!model.empty()) nodes_model_ = std::make_shared<const std::vector<float>>(std::move(model));
}

}  // namespace fedgram::coordinator
