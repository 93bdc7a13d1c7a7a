ALTER TABLE `AccountVO` ADD COLUMN `description` varchar(2048) DEFAULT NULL;
