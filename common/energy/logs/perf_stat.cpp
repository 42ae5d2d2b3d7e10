#include <algorithm>
#include <optional>
#include <set>

#include "common/energy/logs/device_choice.hpp"
#include "common/energy/logs/ended_rows.hpp"
#include "common/energy/logs/forms.hpp"
#include "common/energy/logs/log_builder.hpp"
#include "common/energy/logs/log_number.hpp"
#include "common/error/error.hpp"
#include "common/text/csv_rows.hpp"
#include "common/text/joined.hpp"

namespace fedgram::power_logs {

namespace {

constexpr std::string_view unit = "Joules";
constexpr std::string_view package_event = "energy-pkg";
constexpr std::string_view way_out = "; perf writes points under LC_ALL=C";

/// A line of perf stat -I for one event.
struct Count {
    LogLine line;
    LogTime at{};
    std::string device;            ///< "S0" by --per-socket, "CPU0" by -A
    std::optional<Joules> energy;  ///< nothing: perf says that it wasn't counted
    std::string event;
};

/// The fields of a line: by commas or semicolons for -x, else by blanks.
std::vector<std::string> fields_of(std::string_view text)
{
    const auto unit_at = text.find(unit);
    const char before = unit_at == 0 ? ' ' : text[unit_at - 1];
    std::vector<std::string> fields;
    if (before == ',') {
        fields = text::csv_fields(text);
    } else if (before == ';') {
        for (std::size_t begin = 0, end = 0; end != std::string_view::npos; begin = end + 1) {
            end = text.find(';', begin);
            fields.emplace_back(text.substr(begin, end - begin));
        }
    } else {
        std::string whole{text};
        if (const auto gap = whole.find("<not "); gap != std::string::npos) whole[gap + 4] = '-';
        for (const auto word : words(whole)) fields.emplace_back(word);
    }
    for (auto& field : fields) field = std::string{trimmed(field)};
    return fields;
}

/// People get thousands with commas, "1,234.56", from most locales.
std::string without_groups(std::string text)
{
    const auto point = text.find('.');
    const auto comma = text.find_last_of(',');
    if (point != std::string::npos && comma != std::string::npos && comma < point) std::erase(text, ',');
    return text;
}

double perf_number(const LogLine& line, std::string_view name, const std::string& field)
{
    if (const auto number = number_of(without_groups(field)); number && *number >= 0) return *number;
    line.refuse(std::string{name} + ": " + in_quotes(field) + " is no number of at least 0" + std::string{way_out});
}

Count count_of(const LogLine& line)
{
    const auto fields = fields_of(line.text);
    const auto found = std::ranges::find(fields, unit);
    const auto at = static_cast<std::size_t>(found - fields.begin());
    // The time; socket and how many CPUs, or the CPU, if asked for; the count; the unit; the event.
    if (at < 2 || at > 4 || at + 1 >= fields.size())
        line.refuse("is no line of perf stat -I: time, joules, event" + std::string{way_out});
    Count count{line, LogTime{perf_number(line, "time", fields[0])}, "", {}, fields[at + 1]};
    if (at > 2) {
        if (number_of(fields[1])) line.refuse(in_quotes(line.text) + " has decimal commas" + std::string{way_out});
        count.device = fields[1];
    }
    if (!fields[at - 1].starts_with('<')) count.energy = Joules{perf_number(line, "joules", fields[at - 1])};
    return count;
}

/// The event to read among those of a log.
std::string chosen_event(const std::set<std::string>& events, const std::string& wanted)
{
    const auto& part = wanted.empty() ? std::string{package_event} : wanted;
    std::vector<std::string> fitting;
    for (const auto& event : events) {
        if (event == wanted) return event;
        if (event.find(part) != std::string::npos) fitting.push_back(event);
    }
    if (fitting.size() == 1) return fitting.front();
    if (wanted.empty() && events.size() == 1) return *events.begin();
    throw SpecError{"the log of perf stat has " + std::string{fitting.empty() ? "no" : "several"} + " events \"" +
                    part + "\"; choose one of " + text::joined(events)};
}

}  // namespace

PowerLog read_perf_stat(const std::vector<LogLine>& lines, std::string_view where, const PowerLogOptions& options)
{
    PowerLog log;
    log.form = LogForm::perf_stat;
    log.draw = Draw::averaged;
    std::vector<Count> counts;
    std::set<std::string> events;
    bool in_totals = false;
    take_lines(lines, log.notes, [&](const LogLine& line) {
        if (line.text.find("Performance counter stats") != std::string_view::npos) in_totals = true;
        if (line.text.starts_with('#')) in_totals = false;
        // What else there is comes from the program that perf watched, and from other counters.
        if (in_totals || line.text.starts_with('#') || line.text.find(unit) == std::string_view::npos) return;
        counts.push_back(count_of(line));
        events.insert(counts.back().event);
    });
    if (counts.empty())
        throw DataError{std::string{where} + ": perf stat's totals alone tell no power over time; log with -I 1000"};
    log.source = chosen_event(events, options.joules_column);
    DeviceChoice devices{options.device};
    std::vector<EndedRow> rows;
    for (const auto& count : counts) {
        if (count.event != log.source) continue;
        if (devices.takes(count.device.empty() ? DeviceNames{} : DeviceNames{count.device}))
            rows.push_back({count.line, count.at, count.energy, {}});
    }
    log.device = devices.chosen();
    LogBuilder builder;
    add_ended_rows(rows, LogTime{}, options.interval, builder, log.notes);
    builder.finish(log, where);
    return log;
}

}  // namespace fedgram::power_logs
