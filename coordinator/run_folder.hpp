#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "common/energy/ledger.hpp"

namespace fedgram::coordinator {

/// The folder of one run. Whole files are written to a temporary name and renamed, so that a crash leaves the old one
/// or the new one; the four .jsonl files are appended to and flushed. Everything throws SystemError that names the
/// file when it can't be written.
class RunFolder {
public:
    /// Makes the folder if it isn't there.
    explicit RunFolder(std::filesystem::path folder);

    [[nodiscard]] std::filesystem::path path(const std::string& name) const { return folder_ / name; }

    void write(const std::string& name, std::string_view text) const;
    void write(const std::string& name, const nlohmann::ordered_json& json) const;

    void append_round(const nlohmann::ordered_json& line);
    void append_ledger(std::span<const energy::LedgerLine> lines);
    /// What this host spent on one node's local training: measured, and outside of what a seed repeats.
    void append_host(std::span<const nlohmann::ordered_json> lines);
    /// Something worth knowing later: who came, who was lost, why. Carries the time of day.
    void append_event(const std::string& what, nlohmann::ordered_json details);

private:
    class LineFile {
    public:
        explicit LineFile(std::filesystem::path path);
        void append(const std::string& lines);

    private:
        std::filesystem::path path_;
        std::ofstream stream_;
    };

    std::filesystem::path folder_;
    LineFile rounds_;
    LineFile ledger_;
    LineFile host_;
    LineFile events_;
};

}  // namespace fedgram::coordinator
