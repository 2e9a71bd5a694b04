// A lost connection is to be seen within seconds: the desk says something every five (see DeskRoom), and twelve without are too many.
Blazor.start({
  circuit: {
    configureSignalR: (connection) => connection.withServerTimeout(12_000).withKeepAliveInterval(5_000),
  },
});
