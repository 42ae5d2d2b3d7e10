#include "common/report/seeds/same_but_seed.hpp"

#include <algorithm>
#include <set>

namespace fedgram::report {

namespace {

bool has_each_seed_once(const std::vector<std::size_t>& group, std::span<const SeededSetting> runs)
{
    std::set<std::uint64_t> seeds;
    return std::ranges::all_of(group, [&](std::size_t run) { return seeds.insert(runs[run].seed).second; });
}

}  // namespace

std::vector<std::vector<std::size_t>> same_but_seed(std::span<const SeededSetting> runs)
{
    std::vector<std::vector<std::size_t>> by_setting;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const auto same = [&](const auto& group) { return runs[group.front()].setting == runs[i].setting; };
        const auto found = std::ranges::find_if(by_setting, same);
        if (found == by_setting.end())
            by_setting.push_back({i});
        else
            found->push_back(i);
    }
    std::vector<std::vector<std::size_t>> groups;
    for (auto& group : by_setting)
        if (has_each_seed_once(group, runs))
            groups.push_back(std::move(group));
        else
            for (const auto run : group) groups.push_back({run});
    return groups;
}

}  // namespace fedgram::report
