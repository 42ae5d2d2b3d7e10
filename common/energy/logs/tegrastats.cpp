#include <algorithm>
#include <array>
#include <optional>

#include "common/energy/logs/forms.hpp"
#include "common/energy/logs/log_builder.hpp"
#include "common/energy/logs/log_number.hpp"
#include "common/energy/logs/log_time.hpp"
#include "common/error/error.hpp"
#include "common/text/joined.hpp"

namespace fedgram::power_logs {

namespace {

constexpr LogTime usual_interval{1};  // tegrastats --help, of --interval: 1000 ms

/// What feeds the whole module, whole names: VIN_SYS_5V0 of an AGX Orin is one rail among others.
constexpr std::array<std::string_view, 3> input_rails{"VDD_IN", "POM_5V_IN", "VIN"};

struct Rail {
    std::string_view name;
    double milliwatts;  ///< present, not tegrastats' average since its start
};

/// "2345/2210", "5042mW/5042mW" or "5042mW": the first number. A memory's "1345/7829MB" is none.
std::optional<double> milliwatts_of(std::string_view word)
{
    const bool has_unit = word.ends_with("mW");
    const auto slash = word.find('/');
    if (!has_unit && slash == std::string_view::npos) return std::nullopt;
    auto present = word.substr(0, slash);
    auto average = slash == std::string_view::npos ? present : word.substr(slash + 1);
    for (auto* part : {&present, &average})
        if (has_unit && part->ends_with("mW")) part->remove_suffix(2);
    if (present.find_first_not_of("0123456789") != std::string_view::npos || !number_of(average)) return std::nullopt;
    return number_of(present);
}

std::vector<Rail> rails_of(std::string_view text)
{
    std::vector<Rail> rails;
    const auto parts = words(text);
    for (std::size_t i = 1; i < parts.size(); ++i)
        if (const auto milliwatts = milliwatts_of(parts[i])) rails.push_back({parts[i - 1], *milliwatts});
    return rails;
}

/// The names of those whose sum is the module's draw.
std::vector<std::string> counted_rails(const std::vector<Rail>& rails)
{
    std::vector<std::string> names;
    for (const auto& rail : rails) {
        if (std::ranges::find(input_rails, rail.name) != input_rails.end()) return {std::string{rail.name}};
        names.emplace_back(rail.name);
    }
    return names;
}

/// An input rail that is there and can't be read must not give way to the sum of the others.
void refuse_unreadable_input(const LogLine& line, std::string_view text, const std::vector<Rail>& rails)
{
    for (const auto& word : words(text)) {
        const bool is_input = std::ranges::find(input_rails, word) != input_rails.end();
        if (is_input && std::ranges::find(rails, word, &Rail::name) == rails.end())
            line.refuse(std::string{word} + " has no power that can be read, such as 5042mW/5042mW");
    }
}

class Lines {
public:
    explicit Lines(const PowerLogOptions& options) : interval_{options.interval}, clock_{options.utc_offset} {}

    void take(const LogLine& line)
    {
        const auto memory = line.text.find("RAM ");
        if (memory == std::string_view::npos) {
            if (names_.empty()) return;  // what the shell showed before
            line.refuse(in_quotes(line.text) + " is no line of tegrastats, which has RAM and the rails' power");
        }
        const auto rails = rails_of(line.text.substr(memory));
        refuse_unreadable_input(line, line.text.substr(memory), rails);
        if (rails.empty()) line.refuse("has no rail's power, such as VDD_IN 5042mW/5042mW; tegrastats may need root");
        const auto names = names_.empty() ? counted_rails(rails) : names_;
        const auto power = power_of(line, rails, names);
        const auto at = time_of(line, trimmed(line.text.substr(0, memory)));
        names_ = names;
        builder_.add_sample(line, at, power);
        ++count_;
    }

    void finish(PowerLog& log, std::string_view where)
    {
        log.source = text::joined(names_, " + ");
        log.draw = Draw::momentary;
        log.absolute_time = clock_.absolute();
        clock_.add_notes(log.notes);
        if (!timed_ && !interval_)
            log.notes.emplace_back(
                "its lines bear no time; they were taken to be 1 s apart, as tegrastats writes them");
        if (names_.size() > 1)
            log.notes.push_back("the board has no input rail; this is the sum of its rails, " + log.source +
                                ", without what the carrier board draws");
        builder_.finish(log, where);
    }

private:
    [[nodiscard]] static Watts power_of(const LogLine& line, const std::vector<Rail>& rails,
                                        const std::vector<std::string>& names)
    {
        double milliwatts = 0;
        for (const auto& name : names) {
            const auto rail = std::ranges::find(rails, std::string_view{name}, &Rail::name);
            // Half a sum would look like a whole one.
            if (rail == rails.end()) line.refuse("lacks the rail " + name + ", which the lines before have");
            milliwatts += rail->milliwatts;
        }
        return plausible(line, text::joined(names, " + "), Watts{milliwatts * 1e-3});
    }

    LogTime time_of(const LogLine& line, std::string_view before_memory)
    {
        if (count_ == 0) timed_ = !before_memory.empty();
        if (timed_) return clock_.read(line, "time", before_memory);
        if (!before_memory.empty()) line.refuse("bears a time, which the lines before don't");
        return interval_.value_or(usual_interval) * static_cast<double>(count_);
    }

    std::optional<LogTime> interval_;
    LogClock clock_;
    LogBuilder builder_;
    std::vector<std::string> names_;  ///< of the rails that count; the first line says which
    bool timed_ = false;
    std::size_t count_ = 0;
};

}  // namespace

PowerLog read_tegrastats(const std::vector<LogLine>& lines, std::string_view where, const PowerLogOptions& options)
{
    PowerLog log;
    log.form = LogForm::tegrastats;
    Lines reader{options};
    take_lines(lines, log.notes, [&](const LogLine& line) { reader.take(line); });
    reader.finish(log, where);
    return log;
}

}  // namespace fedgram::power_logs
