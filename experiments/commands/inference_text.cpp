#include "experiments/commands/inference_text.hpp"

#include <array>
#include <cmath>
#include <optional>
#include <string_view>

#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"

namespace fedgram::experiments {

namespace {

constexpr std::array types{spec::NumberType::fp32, spec::NumberType::int8};

// To four digits, and no zeros behind them.
std::string number_text(double value) { return text::shortest(std::stod(text::significant(value, 4))); }

// Of a published number: what its unit's factor has added to it is below a millionth.
std::string published_text(double value) { return text::shortest(std::round(value * 1e6) / 1e6); }

void add_figure(text::TextTable& table, const std::string& name, const energy::Figure& figure,
                std::string (*number)(double))
{
    const auto optional = [&](const std::optional<double>& value) { return value ? number(*value) : std::string{"-"}; };
    table.add({name, number(figure.value), optional(figure.low), optional(figure.high),
               std::string{energy::name(figure.evidence)}, figure.source});
}

std::string type_text(const energy::InferenceRow& row)
{
    return std::string{row.numbers ? spec::name(*row.numbers) : "other"};
}

std::string limit_text(const std::optional<energy::Figure>& limit)
{
    constexpr double kibibyte = 1024;
    return limit ? text::fixed(limit->value / kibibyte, 0) : "-";
}

}  // namespace

std::string inference_text(const energy::InferenceProfile& profile)
{
    std::string text = profile.id + ": " + profile.name +
                       (profile.inference_only ? ", for inference only" : ", inference") + " (joules enclose the " +
                       profile.boundary + ")\n";
    text::TextTable figures{{"figure", "value", "low", "high", "standing", "source"}};
    if (profile.idle_w) add_figure(figures, "idle_w", *profile.idle_w, text::shortest);
    if (profile.flash_bytes) add_figure(figures, "flash_bytes", *profile.flash_bytes, text::shortest);
    if (profile.ram_bytes) add_figure(figures, "ram_bytes", *profile.ram_bytes, text::shortest);
    std::string unable;
    for (const auto type : types) {
        const auto rate = profile.rate(type);
        const std::string prefix{spec::name(type)};
        if (!rate) {
            unable += prefix + ": no measured row gives a rate" +
                      (type == spec::NumberType::fp32 && !profile.inference_only
                           ? "; requests are priced as training is, by the device profile's figures.\n"
                           : ", so no request is priced.\n");
            continue;
        }
        add_figure(figures, prefix + "_gmac_per_s", rate->gmac_per_s, number_text);
        add_figure(figures, prefix + "_active_w", rate->active_w, number_text);
        add_figure(figures, prefix + "_joules_per_gmac", rate->joules_per_gmac, number_text);
    }
    text::TextTable rows{{"network", "numbers", "MMAC", "ms", "uJ", "use", "set-up", "source"}};
    for (const auto& row : profile.rows)
        rows.add({row.network, type_text(row), row.macs ? number_text(static_cast<double>(*row.macs) / 1e6) : "-",
                  published_text(row.seconds.count() * 1e3), published_text(row.joules.count() * 1e6),
                  std::string{energy::name(row.use)}, row.setup, row.source});
    return text + figures.text() + unable + "\n" + rows.text();
}

std::string inference_list_text(std::span<const energy::InferenceProfile> profiles)
{
    text::TextTable table{{"inference", "name", "flash KiB", "RAM KiB", "numbers", "GMAC/s", "active W", "J/GMAC",
                           "low", "high", "set-ups"}};
    for (const auto& profile : profiles) {
        const std::vector<std::string> who{profile.id, profile.name, limit_text(profile.flash_bytes),
                                           limit_text(profile.ram_bytes)};
        bool is_able = false;
        for (const auto type : types) {
            const auto rate = profile.rate(type);
            if (!rate) continue;
            is_able = true;
            const auto& joules = rate->joules_per_gmac;
            const auto optional = [](const std::optional<double>& value) {
                return value ? text::significant(*value) : std::string{"-"};
            };
            auto line = who;
            line.insert(line.end(), {std::string{spec::name(type)}, text::significant(rate->gmac_per_s.value),
                                     text::significant(rate->active_w.value), text::significant(joules.value),
                                     optional(joules.low), optional(joules.high), std::to_string(profile.rows.size())});
            table.add(line);
        }
        if (is_able) continue;
        auto line = who;
        line.insert(line.end(), {"-", "-", "-", "-", "-", "-", std::to_string(profile.rows.size())});
        table.add(line);
    }
    return table.text();
}

}  // namespace fedgram::experiments
