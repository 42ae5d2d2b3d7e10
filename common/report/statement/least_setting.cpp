#include "common/report/statement/least_setting.hpp"

#include <algorithm>

#include "common/report/table/ratio.hpp"
#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::report {

namespace {

using Settings = std::vector<SettingGrams>;

constexpr std::size_t most_named = 3;

std::string named(const Settings& settings)
{
    std::vector<std::string> names;
    for (const auto& setting : settings) names.push_back(setting.name);
    if (names.size() <= most_named) return text::joined(names, "; ");
    const auto more = names.size() - most_named;
    names.resize(most_named);
    return text::joined(names, "; ") + " and " + std::to_string(more) + " more";
}

std::string grams_of(const SettingGrams& setting) { return mean_text(setting.grams) + " g"; }

// "B emits 1.50 times that (0.0300 ± 0.0010 g)"
std::string beside(const SettingGrams& least, const SettingGrams& other)
{
    const auto times = ratio(other.grams.mean, least.grams.mean);
    return other.name + " emits " + (times ? text::significant(*times) + " times that" : "more") + " (" +
           grams_of(other) + ")";
}

std::string left_out_words(std::size_t count)
{
    if (count == 0) return "";
    return count == 1 ? " One setting missed the target in a run and is left out."
                      : " " + std::to_string(count) + " settings missed the target in a run and are left out.";
}

struct Others {
    Settings told_apart;
    Settings alike;           ///< within the spread
    Settings without_spread;  ///< they or the least have a single run
};

Others others(const Settings& sorted)
{
    const auto& least = sorted.front().grams;
    Others result;
    for (auto at = sorted.begin() + 1; at != sorted.end(); ++at)
        (least.count < 2 || at->grams.count < 2 ? result.without_spread
         : at->grams.least > least.most         ? result.told_apart
                                                : result.alike)
            .push_back(*at);
    return result;
}

std::string compared(const Settings& sorted)
{
    const auto& least = sorted.front();
    const auto [told_apart, alike, without_spread] = others(sorted);
    auto text = least.name + " emits least, " + grams_of(least) + ".";
    if (!told_apart.empty()) {
        text += " Beyond the spread of the seeds, " + beside(least, told_apart.front());
        if (told_apart.size() > 1) text += " and, of all the most, " + beside(least, told_apart.back());
        text += ".";
    }
    if (!alike.empty()) text += " The seeds don't tell it apart from " + named(alike) + ".";
    if (!without_spread.empty())
        text += " " + beside(least, without_spread.front()) +
                (without_spread.size() > 1 ? " and " + beside(least, without_spread.back()) : "") +
                "; with one run of a setting nobody knows the spread of its seeds.";
    return text;
}

}  // namespace

std::string least_setting(std::vector<SettingGrams> settings, std::size_t left_out)
{
    if (settings.empty()) return "No setting has a result in each of its runs.";
    std::ranges::stable_sort(settings, {}, [](const auto& setting) { return setting.grams.mean; });
    const auto& least = settings.front();
    const auto& most = settings.back();
    if (settings.size() == 1)
        return "Only " + least.name + " has a result in each of its runs, " + grams_of(least) + "." +
               left_out_words(left_out);
    if (least.grams.least == most.grams.most && most.grams.least == least.grams.most)
        return "All settings emit the same, " + grams_of(least) + "." + left_out_words(left_out);
    return compared(settings) + left_out_words(left_out);
}

}  // namespace fedgram::report
