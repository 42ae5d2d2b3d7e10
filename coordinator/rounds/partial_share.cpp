#include "coordinator/rounds/partial_share.hpp"

#include <algorithm>

namespace fedgram::coordinator {

namespace {

std::uint64_t portion(std::uint64_t whole, Seconds done, Seconds all)
{
    if (done >= all) return whole;
    return static_cast<std::uint64_t>(static_cast<double>(whole) * done.count() / all.count());
}

}  // namespace

energy::NodeRound partial_share(const energy::NodeRound& share, const VirtualNode& times, Seconds busy,
                                const PartialTraining& trained)
{
    energy::NodeRound done{share.node, {}, portion(share.bytes_down, busy, times.download), 0};
    if (busy <= times.download) return done;
    const auto training = busy - times.download;
    if (training >= times.train) {  // and what comes behind the last step, as compression
        done.train = share.train;
        done.bytes_up = portion(share.bytes_up, training - times.train, times.upload);
        return done;
    }
    const auto steps = portion(share.train.steps, training, times.train);
    const auto samples =
        steps == share.train.steps ? share.train.samples : share.train.samples / share.train.steps * steps;
    done.train = trained(share.node, {samples, steps});
    return done;
}

std::vector<energy::NodeRound> summed_by_node(std::vector<energy::NodeRound> shares)
{
    std::ranges::stable_sort(shares, {}, &energy::NodeRound::node);
    std::vector<energy::NodeRound> once;
    for (const auto& share : shares) {
        if (once.empty() || once.back().node != share.node) {
            once.push_back(share);
            continue;
        }
        once.back().train += share.train;
        once.back().bytes_down += share.bytes_down;
        once.back().bytes_up += share.bytes_up;
    }
    return once;
}

}  // namespace fedgram::coordinator
