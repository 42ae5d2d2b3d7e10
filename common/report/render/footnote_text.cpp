#include <cstdint>
#include <string>
#include <vector>

#include "common/report/render/text_sections.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"

namespace fedgram::report {

namespace {

std::string joules_text(const energy::MeterRecord& record)
{
    if (!record.joules) return "missing";
    auto text = (record.gaps.empty() ? "" : "at least ") + text::significant(record.joules->count());
    if (record.low && record.high)
        text += " (" + text::significant(record.low->count()) + " to " + text::significant(record.high->count()) + ")";
    return text;
}

// What meters read of this machine while it simulated. Joules of a device that was only modelled stand above.
std::string meter_section(const Footnotes& notes)
{
    text::TextTable grid;
    grid.add({"Training", "read by", "meter", "boundary", "method", "J"});
    bool any = false;
    std::string gaps;
    for (const auto& host : notes.host)
        for (const auto& record : host.meters) {
            grid.add({host.label, record.process, record.meter, record.boundary, record.method, joules_text(record)});
            any = true;
            for (const auto& gap : record.gaps)
                gaps += host.label + ", " + record.meter + ": nothing for " + text::significant(gap.seconds.count()) +
                        " s: " + gap.reason + "\n";
        }
    if (!any)
        return "Its own energy was not metered; fedgram doctor shows which meters of a machine work, and run --core-w "
               "estimates the nodes' share without one.\n";
    return "\n" + grid.text() + gaps +
           "A machine's meters hold all that ran on it meanwhile, the nodes' estimate their own CPU time alone; none "
           "is "
           "added to another. summary.json has each process's, host.jsonl each node's and round's.\n";
}

// "12 of 20 phases", and every other reason to be careful with a measured training.
std::string measured_notes(const MeasuredBeside& beside)
{
    const auto& [reading, phases, seconds, resolution] = beside.measured;
    const auto about = beside.training + ", " + reading.meter + ": ";
    std::string notes;
    if (!beside.whole)
        notes += about + "not measured from beginning to end (" + std::to_string(phases) +
                 " train phases), so there is no factor and no column.\n";
    for (const auto& gap : reading.gaps)
        notes += about + "nothing for " + text::significant(gap.seconds.count()) + " s: " + gap.reason + "\n";
    for (const auto& warning : reading.warnings) notes += about + warning + ".\n";
    if (const auto note = too_short(beside.measured); !note.empty()) notes += about + note + ".\n";
    return notes;
}

// "Updates refused, in no model: fl 2 not_finite, 1 repeated; other 1 wrong_round."
std::string refused_section(const Footnotes& notes)
{
    std::string out;
    for (const auto& [label, updates] : notes.refused) {
        out += (out.empty() ? "\nUpdates refused, in no model: " : "; ") + label;
        bool first = true;
        for (const auto& [reason, count] : updates) {
            out += (first ? " " : ", ") + std::to_string(count) + " " + reason;
            first = false;
        }
    }
    return out.empty() ? out : out + ".\n";
}

// "0-4, 7", of ascending numbers.
std::string ranges_text(const std::vector<std::uint32_t>& numbers)
{
    std::string out;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto first = numbers[i];
        while (i + 1 < numbers.size() && numbers[i + 1] == numbers[i] + 1) ++i;
        out += (out.empty() ? "" : ", ") + std::to_string(first);
        if (numbers[i] > first) out += "-" + std::to_string(numbers[i]);
    }
    return out;
}

}  // namespace

std::string missing_nodes_section(const Footnotes& notes)
{
    std::string out;
    for (const auto& [label, rounds, all_rounds, updates] : notes.incomplete)
        out += "\nNodes missing: " + label + " went on without " + std::to_string(updates) + " updates in " +
               std::to_string(rounds) + " of " + std::to_string(all_rounds) +
               " rounds; events.jsonl has each node's reason.\n";
    for (const auto& [label, nodes] : notes.restarted)
        out += "\nState lost: in " + label + (nodes.size() == 1 ? " what node " : " what the nodes ") +
               ranges_text(nodes) + " had left to send; an undisturbed run may end otherwise.\n";
    return out;
}

std::string measured_section(const Footnotes& notes)
{
    if (notes.measured.empty()) return {};
    text::TextTable grid;
    grid.add({"Measured beside modelled", "J", "s", "W", "busy", "J / measured", "s / measured"});
    std::string more;
    for (const auto& beside : notes.measured) {
        const auto& measured = beside.measured;
        const auto& reading = measured.reading;
        grid.add({beside.training + ", " + reading.meter, joules_text(reading),
                  text::significant(measured.seconds.count()),
                  reading.joules ? text::significant(measured.watts().count()) : "-",
                  reading.busy ? text::percent(reading.busy->count() / measured.seconds.count()) : "-", "", ""});
        for (const auto& [device, joules, seconds] : beside.modelled)
            grid.add({"  modelled on " + device, text::significant(joules.count()), text::significant(seconds.count()),
                      text::significant(joules.count() / seconds.count()), "-",
                      text::significant(beside.factor(joules)), text::significant(beside.factor(seconds))});
        more += measured_notes(beside);
    }
    return "\n" + grid.text() + more +
           "Of centralized trainings, before PUE, in their train phases alone. A factor tells how far off a profile is "
           "only where it is of the device that trained. --measured gives measured trainings columns of their own.\n";
}

std::string went_wrong_section(const Footnotes& notes)
{
    auto out = missing_nodes_section(notes);
    for (const auto& note : notes.run) out += "\n" + note + "\n";
    for (const auto& label : notes.cut_off)
        out += "\nCut off before its end, in no column: " + label + " (fedgram run --resume goes on with it).\n";
    if (notes.wasted_lines > 0)
        out += "\nLost to faults, in no column: " + kilojoules(notes.wasted) + " kJ in " +
               std::to_string(notes.wasted_lines) + " ledger lines.\n";
    return out;
}

std::string footnote_section(const Footnotes& notes)
{
    auto out = went_wrong_section(notes);
    out += refused_section(notes) + measured_section(notes);
    if (notes.host.empty()) return out;
    out += "\nThis machine, which simulated (in no column):";
    for (std::size_t i = 0; i < notes.host.size(); ++i)
        out += (i == 0 ? " " : "; ") + notes.host[i].label + " " + text::significant(notes.host[i].cpu_seconds) +
               " CPU s in " + text::significant(notes.host[i].wall_seconds) + " s";
    return out + ".\n" + meter_section(notes);
}

}  // namespace fedgram::report
