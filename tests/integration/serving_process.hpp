#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "tests/integration/serving_peer.hpp"
#include "tests/support/command.hpp"

namespace fedgram::test {

/// A server of a model file, which is killed with this object.
class Serving {
public:
    explicit Serving(const std::filesystem::path& file, std::vector<std::string> options = {},
                     const std::vector<std::string>& environment = {})
        : process_{"fedgram-serve", words(file, std::move(options)), environment}
    {
        const auto line = process_.read_line();
        INFO(line);
        REQUIRE(line.starts_with("listening 127.0.0.1:"));
        address_ = line.substr(10);
    }

    [[nodiscard]] const std::string& address() const { return address_; }
    [[nodiscard]] Process& process() { return process_; }
    [[nodiscard]] ServingPeer peer(int receive_bytes = 0) const
    {
        return ServingPeer{address_, Greeting::said, receive_bytes};
    }

private:
    static std::vector<std::string> words(const std::filesystem::path& file, std::vector<std::string> options)
    {
        options.insert(options.begin(), file);
        return options;
    }

    Process process_;
    std::string address_;
};

}  // namespace fedgram::test
