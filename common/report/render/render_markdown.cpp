#include <string>

#include "common/report/render/methods_text.hpp"
#include "common/report/render/reductions_text.hpp"
#include "common/report/render/render.hpp"
#include "common/report/render/set_up.hpp"
#include "common/report/table/published_ratio.hpp"
#include "common/report/table/ratio.hpp"
#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"

namespace fedgram::report {

namespace {

std::string escaped(const std::string& text)
{
    std::string out;
    for (const char c : text) {
        if (c == '|') out += '\\';
        out += c;
    }
    return out;
}

std::string with_note(std::vector<std::vector<std::string>> rows, const std::string& note)
{
    if (rows.empty()) return {};
    text::TextTable grid{rows.front()};
    for (std::size_t i = 1; i < rows.size(); ++i) {
        for (auto& cell : rows[i]) cell = escaped(cell);
        grid.add(rows[i]);
    }
    return "\n" + grid.markdown() + "\n" + note + "\n";
}

std::string with_note(const TextRows& table) { return with_note(table.rows, table.note); }

}  // namespace

std::string render_markdown(const Table& table, const Footnotes& notes)
{
    std::string out = "**" + table.title() + "**\n\n| gCO2e |";
    for (const auto& column : table.columns) out += " " + escaped(column.heading) + " |";
    out += "\n|---|";
    for (std::size_t j = 0; j < table.columns.size(); ++j) out += "---:|";
    out += "\n";
    for (std::size_t i = 0; i < table.accounting.countries.size(); ++i) {
        const auto& country = table.accounting.countries[i];
        bool any_published = false;
        bool has_band = false;
        out += "| " + escaped(country.name) + " |";
        std::string bands = "| low-high |";
        for (std::size_t j = 0; j < table.columns.size(); ++j) {
            out += " " + cell_text(table, table.cell(i, j)) + " |";
            const auto band = cell_band_text(table, table.cell(i, j));
            bands += " " + band + " |";
            has_band = has_band || !band.empty();
            any_published = any_published || table.cell(i, j).published.has_value();
        }
        out += "\n";
        if (has_band) out += bands + "\n";
        if (!any_published) continue;
        std::string published = "| published |";
        std::string ratio = "| ours / published |";
        for (std::size_t j = 0; j < table.columns.size(); ++j) {
            const auto& cell = table.cell(i, j);
            const auto parts = published_ratio(table, cell).value_or(PublishedRatio{});
            published += cell.published ? " " + text::fixed(*cell.published, 1) + " |" : " - |";
            ratio += " " + ratio_text(parts.whole) + " |";
        }
        out += published + "\n" + ratio + "\n";
    }
    out += "\nStop rule: " + table.stop_rule + ".\n";
    for (const auto& note : not_reached_notes(table)) out += "\n" + note + ".\n";
    for (const auto& note : set_up_notes(table)) out += "\n" + note + ".\n";
    const auto alike = alike_notes(table);
    if (!alike.empty()) out += "\n" + std::string{alike_heading} + ": " + text::joined_once(alike, "; ") + ".\n";
    out += "\nGrid: " + grid_note(table) + ". Network: " + network_text(table, table.accounting.network.method) +
           ". Devices: " + devices_text(table) + ".";
    for (const auto& note : place_notes(table)) out += " " + note + ".";
    for (const auto& note : notes.zero_grids) out += " " + note + ".";
    if (table.published) out += " Published: " + table.published->source + ".";
    return out + "\n" + with_note(methods_rows(table), methods_note(table)) + with_note(reduced_models(table)) +
           with_note(request_joules(table)) + with_note(request_grams(table)) + with_note(request_break_even(table));
}

}  // namespace fedgram::report
