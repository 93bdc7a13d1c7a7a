<%-- The API of the stand-in: answers the readiness probe in the shape of the real one, and nothing else. --%><%@
page contentType="application/json; charset=UTF-8" session="false" trimDirectiveWhitespaces="true"
     import="java.io.*, java.net.*, java.nio.charset.StandardCharsets, java.nio.file.*, java.sql.*, java.util.*" %><%@
include file="node.jspf" %><%
if (!"POST".equals(request.getMethod())) {
    response.sendError(405);
    return;
}
String body = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
if (!body.contains("APIIsReadyToGoMsg")) {
    response.sendError(400, "this stand-in only knows APIIsReadyToGoMsg");
    return;
}
String now = new java.util.Date().toString();
String reply = "{\"org.zstack.header.apimediator.APIIsReadyToGoReply\":{\"managementNodeId\":\"" + uuid + "\",\"success\":" + ready + "}}";
%>{"uuid":"<%= newUuid() %>","state":"Done","createdDate":"<%= now %>","finishedDate":"<%= now %>","result":"<%= reply.replace("\"", "\\\"") %>"}
