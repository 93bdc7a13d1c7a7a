CREATE TABLE `RestAPIVO` (
  `uuid` varchar(32) NOT NULL,
  `apiMessageName` varchar(255) DEFAULT NULL,
  `state` varchar(64) NOT NULL,
  `result` text DEFAULT NULL,
  PRIMARY KEY (`uuid`)
);
