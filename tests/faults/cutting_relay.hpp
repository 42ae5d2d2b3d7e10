#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace fedgram::test {

enum class Towards { coordinator, client };

/// The connection ends once so many bytes have gone this way.
struct Cut {
    Towards way;
    std::size_t after_bytes;
};

/// Stands between one client and the coordinator on 127.0.0.1, and cuts the first connections, one after the other;
/// the next ones live as long as both sides like.
class CuttingRelay {
public:
    /// `coordinator` is 127.0.0.1:PORT.
    CuttingRelay(const std::string& coordinator, std::vector<Cut> cuts);
    CuttingRelay(const CuttingRelay&) = delete;
    CuttingRelay& operator=(const CuttingRelay&) = delete;
    ~CuttingRelay();

    [[nodiscard]] const std::string& address() const { return address_; }  ///< what the client connects to
    [[nodiscard]] std::size_t cuts_made() const { return cuts_made_; }

private:
    void serve(const std::stop_token& stopped);

    std::uint16_t target_;
    std::vector<Cut> cuts_;
    int listener_;
    std::string address_;
    std::atomic<std::size_t> cuts_made_{0};
    std::jthread thread_;
};

}  // namespace fedgram::test
