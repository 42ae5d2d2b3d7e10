#include "common/net/address.hpp"

#include <charconv>

#include "common/error/error.hpp"

namespace fedgram::net {

using asio::ip::tcp;

tcp::endpoint parse_address(asio::io_context& context, const std::string& address)
{
    const auto colon = address.rfind(':');
    std::uint16_t port = 0;
    const char* const end = address.data() + address.size();
    const bool has_port = colon != std::string::npos && colon + 1 < address.size();
    const auto parsed = has_port ? std::from_chars(address.data() + colon + 1, end, port)
                                 : std::from_chars_result{address.data(), std::errc::invalid_argument};
    if (parsed.ec != std::errc{} || parsed.ptr != end || colon == 0)
        throw SpecError{"\"" + address + "\" is no address; use HOST:PORT with a port from 0 to 65535"};
    const auto host = host_of(address);
    asio::error_code error;
    if (const auto numeric = asio::ip::make_address(host, error); !error) return {numeric, port};
    const auto found = tcp::resolver{context}.resolve(host, "", error);
    if (error || found.empty()) throw SystemError{"the host \"" + host + "\" can't be found: " + error.message()};
    return {found.begin()->endpoint().address(), port};
}

std::string host_of(const std::string& address)
{
    const auto host = address.substr(0, address.rfind(':'));
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    return bracketed ? host.substr(1, host.size() - 2) : host;
}

std::string to_string(const tcp::endpoint& endpoint)
{
    const auto host = endpoint.address().to_string();
    return (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(endpoint.port());
}

tcp::acceptor listen(asio::io_context& context, const tcp::endpoint& endpoint, const std::string& option)
{
    tcp::acceptor acceptor{context};
    asio::error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address{true}, error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
    if (error)
        throw SystemError{"can't listen on " + to_string(endpoint) + ": " + error.message() + "; choose another " +
                          option + " (port 0 takes a free one)"};
    return acceptor;
}

}  // namespace fedgram::net
