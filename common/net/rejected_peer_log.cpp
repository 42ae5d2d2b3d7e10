#include "common/net/rejected_peer_log.hpp"

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"

namespace fedgram::net {

namespace {

constexpr std::chrono::minutes silence_after_a_line{1};

// An IPv6 network has more addresses than memory has bytes: beyond so many, peers are counted and not logged.
constexpr std::size_t most_remembered = 1024;

const char* word(RejectionReason kind)
{
    switch (kind) {
        case RejectionReason::silent:
            return "silent";
        case RejectionReason::crowded_out:
            return "crowded_out";
        case RejectionReason::left:
            return "left";
        case RejectionReason::garbage:
            return "garbage";
        case RejectionReason::uninvited:
            return "uninvited";
        case RejectionReason::uncertified:
            return "uncertified";
    }
    throw Error{"a rejection without a reason"};
}

}  // namespace

std::optional<std::string> RejectedPeerLog::note(const std::string& address, RejectionReason kind,
                                                 const std::string& reason, TimePoint now)
{
    ++counts_[kind];
    const std::pair key{address, kind};
    auto told = told_.find(key);
    if (told != told_.end() && now < told->second.when + silence_after_a_line) {
        ++told->second.untold;
        return std::nullopt;
    }
    std::string line = "a stranger at " + address + " was turned away: " + reason;
    if (told == told_.end()) {
        if (told_.size() >= most_remembered)
            std::erase_if(told_, [&](const auto& entry) { return now >= entry.second.when + silence_after_a_line; });
        if (told_.size() >= most_remembered) return std::nullopt;
        told_.emplace(key, Told{now});
        return line;
    }
    if (told->second.untold > 0) line += " (and " + std::to_string(told->second.untold) + " times before)";
    told->second = {now};
    return line;
}

nlohmann::ordered_json to_json(const RejectedPeerLog& log)
{
    auto json = nlohmann::ordered_json::object();
    for (const auto& [kind, connections] : log.counts()) json[word(kind)] = connections;
    return json;
}

}  // namespace fedgram::net
